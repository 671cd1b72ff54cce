import { useState } from 'react';
import { useSearchParams } from 'wouter';

/** Filters of a list, which are in the address too: who comes back finds them again. */
export function useListFilters<Filters extends Record<string, string | undefined>>(
  names: readonly (keyof Filters & string)[],
): [Filters, (part: Partial<Filters>) => void] {
  const [search, setSearch] = useSearchParams();
  const [filters, setFilters] = useState(
    () => Object.fromEntries(names.flatMap((name) => (search.has(name) ? [[name, search.get(name)]] : []))) as Filters,
  );
  const change = (part: Partial<Filters>) => {
    const next = { ...filters, ...part };
    setFilters(next);
    const given = names.flatMap((name): [string, string][] => (next[name] ? [[name, next[name]]] : []));
    setSearch(new URLSearchParams(given), { replace: true });
  };
  return [filters, change];
}
