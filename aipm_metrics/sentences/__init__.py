"""The words to say aloud: a finished result in, plain sentences out."""
