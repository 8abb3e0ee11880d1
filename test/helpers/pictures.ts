import { join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = process.env['TEST_PICTURES'];

/** For people to look at, in the folder that TEST_PICTURES names. No test looks at them, so without it none is taken. */
export const picture = async (page: Page, name: string, { fullPage = false } = {}): Promise<void> => {
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
};
