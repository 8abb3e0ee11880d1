/**
 * Text as commands are matched: a Turkish keyboard with caps lock writes "INVITE" or "MÜŞTERİ DAVET ET", and plain
 * lower-casing in either locale breaks one of the two. Linear in its input.
 */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ı/g, 'i')
    .replace(/[‘’ʼ`´]/g, "'")
    .replace(/[“”"?!.,;:…]+/g, ' ')
    .replace(/\p{Extended_Pictographic}|\u200d|\ufe0f/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
