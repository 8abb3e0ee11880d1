/** Microsoft's pages are opaque to us, but people will be sent there: only to a safe address on the list. */
export const isTrusted = (link: string, origins: readonly string[]): boolean => {
  if (!URL.canParse(link)) return false;
  const { protocol, hostname, origin, username } = new URL(link);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
  return isSafe && username === '' && origins.some((allowed) => new URL(allowed).origin === origin);
};

/** Whether these tenants are all in a link, wherever in it. */
export const names = (link: string, tenants: readonly string[]): boolean => tenants.every((tenant) => link.toLowerCase().includes(tenant.toLowerCase()));

export type TwoTiers = { readonly reseller: string; readonly partnerId: string; readonly provider: string };

/**
 * Partner Center's own link for one partner, made into the one on which a customer authorises an indirect reseller and its
 * provider together. @see Partner Center docs, "Partner with indirect providers"
 */
export const twoInOneLink = (link: string, { reseller, partnerId, provider }: TwoTiers): string => {
  const url = new URL(link);
  const dap = url.searchParams.get('DAP');
  url.search = new URLSearchParams({
    invType: 'IndirectResellerRelationship', partnerId: reseller, msppId: partnerId, indirectCSPId: provider, ...(dap !== null && { DAP: dap }),
  }).toString();
  return url.href;
};

/** Where a customer's admin approves delegated administration in the commercial cloud. */
export const commercialDelegatedAdminLink = (relationship: string): string =>
  `https://admin.microsoft.com/AdminPortal/Home#/partners/invitation/granularAdminRelationships/${encodeURIComponent(relationship)}`;
