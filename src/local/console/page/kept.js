/** What this browser remembers; one that keeps nothing works all the same. */
export const kept = (name) => {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
};

export const keep = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Then it is forgotten with the tab.
  }
};
