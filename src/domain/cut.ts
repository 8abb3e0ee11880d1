/** At most so many UTF-16 units, and never half of a letter that takes two: no URL could carry that. */
export const cut = (text: string, longest: number): string => text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
