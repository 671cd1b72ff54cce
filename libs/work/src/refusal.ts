/** Class of the SQLSTATEs by which functions of the schema refuse the statement that calls them; it is undone then. */
const REFUSALS = 'LV';

/** Why a function of the schema refused a statement. */
export interface Refusal {
  /** SQLSTATE. */
  code: string;
  detail: string;
}

/** The refusal in an error of the driver; undefined for any other error. */
export function refusalIn(error: unknown): Refusal | undefined {
  const { code, detail = '' } = (error ?? {}) as { code?: unknown; detail?: string };
  return typeof code === 'string' && code.length === 5 && code.startsWith(REFUSALS) ? { code, detail } : undefined;
}
