/** Finds things by one of their fields without looking at all of them; they come in the given order, or as they were first put. */
export const indexBy = <Thing>(keyOf: (thing: Thing) => string | null, order?: (one: Thing, other: Thing) => number) => {
  const groups = new Map<string, { readonly things: Map<string, Thing>; list: readonly Thing[] | undefined }>();
  const drop = (id: string, thing: Thing): void => {
    const group = groups.get(keyOf(thing) ?? '');
    group?.things.delete(id);
    if (group) group.list = undefined;
  };
  return {
    /** @param before what stood under that id, perhaps under another key */
    put: (id: string, thing: Thing, before?: Thing): void => {
      const key = keyOf(thing);
      if (before !== undefined && keyOf(before) !== key) drop(id, before);
      if (key === null) return;
      const group = groups.get(key) ?? { things: new Map<string, Thing>(), list: undefined };
      group.things.set(id, thing);
      group.list = undefined;
      groups.set(key, group);
    },
    drop,
    of: (key: string): readonly Thing[] => {
      const group = groups.get(key);
      if (!group) return [];
      group.list ??= order ? [...group.things.values()].sort(order) : [...group.things.values()];
      return group.list;
    },
    clear: (): void => groups.clear(),
  };
};
