/** The one line by which a guarantee says what it measured, whichever reporter runs. */
export const figure = (guarantee: string, measured: string): void => void process.stdout.write(`\n  ${guarantee}: ${measured}\n`);

