/** Numbers from 0 to 1 that look like chance and are the same every time. */
export const chanceFrom = (seed: number) => (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
