/** Maximum of characters of a first or a last name. */
export const NAME_PART_LENGTH_MAX = 128;

/** Maximum of characters of a whole name, which may be first and last name with a space between. */
export const PERSON_NAME_LENGTH_MAX = 2 * NAME_PART_LENGTH_MAX + 1;
