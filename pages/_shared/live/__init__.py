"""The threshold under the hand: one component that every page with a main knob reuses."""
