/** The names that are there, for `className`. */
export const classNames = (...names: (string | false | undefined)[]): string => names.filter(Boolean).join(' ');
