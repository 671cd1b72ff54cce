export interface PersonName {
  firstName: string;
  lastName: string;
}

/** Splits a full name into its first word and the rest. */
export function splitName(name: string): PersonName {
  const [firstName = '', ...rest] = name.trim().split(/\s+/);
  return { firstName, lastName: rest.join(' ') };
}
