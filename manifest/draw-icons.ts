/** Draws color.png and outline.png: two people, one a little in front of the other. Run it again after a change: `npx tsx manifest/draw-icons.ts`. */
import { writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';

type Colour = readonly [red: number, green: number, blue: number];
const accent: Colour = [15, 76, 92];
const white: Colour = [255, 255, 255];

/** Distance to the edge of a shape in a square of side 1; below zero is inside. */
type Shape = (x: number, y: number) => number;

const person = ({ x: middle, top, head, shoulders, neck }: { x: number; top: number; head: number; shoulders: number; neck: number }): Shape => (x, y) => {
  const inHead = Math.hypot(x - middle, y - top - head) - head;
  const height = 1 - neck;
  const inBody = (Math.hypot((x - middle) / shoulders, (y - 1) / height) - 1) * Math.min(shoulders, height);
  return Math.min(inHead, Math.max(inBody, y - 1));
};

// Whole thirty-seconds keep the small icon symmetric.
const gap = 0.06;
const behind = person({ x: 10 / 32, top: 0, head: 6 / 32, shoulders: 10 / 32, neck: 14 / 32 });
const inFront = person({ x: 22 / 32, top: 6 / 32, head: 5 / 32, shoulders: 10 / 32, neck: 18 / 32 });
const people: Shape = (x, y) => Math.min(inFront(x, y), Math.max(behind(x, y), gap - inFront(x, y)));

const picture = (side: number, at: (x: number, y: number) => readonly [...Colour, alpha: number]): Buffer => {
  const png = new PNG({ width: side, height: side });
  for (let y = 0; y < side; y += 1) for (let x = 0; x < side; x += 1) png.data.set(at(x, y), (y * side + x) * 4);
  return PNG.sync.write(png, { deflateLevel: 9 });
};

/** 192 pixels, solid, with the people on the 96 in the middle; sixteen samples a pixel make soft edges. */
const colour = (): Buffer => {
  const samples = Array.from({ length: 16 }, (_, at) => [(at % 4) / 4 + 0.125, Math.floor(at / 4) / 4 + 0.125] as const);
  return picture(192, (x, y) => {
    const isInSquare = x >= 48 && x < 144 && y >= 48 && y < 144;
    const share = isInSquare ? samples.filter(([right, down]) => people((x - 48 + right) / 96, (y - 48 + down) / 96) <= 0).length / 16 : 0;
    const [red, green, blue] = accent.map((own, part) => Math.round(own + ((white[part] ?? 0) - own) * share));
    return [red ?? 0, green ?? 0, blue ?? 0, 255];
  });
};

/** 32 pixels, lines of two, and nothing between white and nothing. */
const outline = (): Buffer =>
  picture(32, (x, y) => {
    const distance = people((x + 0.5) / 32, (y + 0.5) / 32);
    return [...white, distance <= 0 && distance > -2 / 32 ? 255 : 0];
  });

writeFileSync(new URL('color.png', import.meta.url), colour());
writeFileSync(new URL('outline.png', import.meta.url), outline());
