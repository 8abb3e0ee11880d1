/**
 * Which addresses may be sent the bot's token.
 * @param allowed origins, exact (`https://smba.trafficmanager.net`) or for all hosts below one (`https://*.teams.microsoft.com`)
 */
export const createServiceUrlCheck = (allowed: readonly string[]) => (url: string): boolean => {
  // With blanks, a backslash or user information two readers may see two hosts.
  if (/[\s\\@?#]/.test(url) || !URL.canParse(url)) return false;
  const { origin } = new URL(url);
  return allowed.some((one) => {
    const [scheme, parent] = one.split('*', 2);
    return parent === undefined ? origin === one : origin.startsWith(`${scheme}`) && origin.endsWith(parent);
  });
};
