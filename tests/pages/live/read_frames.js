// Reads what Python has framed, one a line in base64, and tells what it understood, as JSON:
// the header, the table, and every phrase at every row.

import process from "node:process";
import { text } from "node:stream/consumers";

import { inflate, speak, split } from "../../../pages/_shared/live/payload.js";

const understood = [];
for (const line of (await text(process.stdin)).trim().split("\n")) {
  const { header, packed } = split(Uint8Array.from(atob(line), (letter) => letter.charCodeAt(0)));
  const table = await inflate(packed);
  const phrases = [
    table.dial.said,
    ...table.cards.flatMap(({ value, change }) => [value, change]),
    table.against,
    ...table.aloud,
    ...table.ratios.map(({ said }) => said),
    ...table.causes.map(({ said }) => said),
    ...Object.values(table.people.cells).map(({ said }) => said),
  ];
  const said = table.dial.values.map((_, row) =>
    phrases.map((phrase) => speak(table, phrase, row))
  );
  understood.push({ header, table, said });
}
process.stdout.write(JSON.stringify(understood));
