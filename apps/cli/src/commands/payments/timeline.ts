import { RoleRefusedError, RoleUnreachableError } from '../../../../network/src/role-reader.js';
import type { CommandContext, RunCommand } from '../../command.js';
import { CommandFailedError } from '../../exit-codes.js';
import { textTable } from '../../output/text-table.js';

interface TimelineEntry {
  at: string;
  dfsp?: string | null;
  role?: string;
  kind: string;
  what: string;
  hop?: string;
  method?: string;
  path?: string;
  status?: number;
  durationMs?: number;
}

interface Timeline {
  paymentId: string;
  entries: TimelineEntry[];
  missing?: { dfsp?: string | null; role: string; reason: string }[];
}

/** The whole timeline at the console; undefined if there is no console or it does not know the payment. */
async function timelineOfNetwork({ connection }: CommandContext, paymentId: string): Promise<Timeline | undefined> {
  try {
    return await connection.console().read<Timeline>(`/payments/${paymentId}/timeline`);
  } catch (error) {
    const isAbsent = error instanceof RoleRefusedError && [200, 404].includes(error.status);
    if (connection.isDemo && (isAbsent || error instanceof RoleUnreachableError)) return undefined;
    throw error;
  }
}

/** What DFSP APIs keep of a payment, in order of time. @throws CommandFailedError if none of them knows it */
async function timelineOfDfsps({ connection }: CommandContext, paymentId: string): Promise<Timeline> {
  const parts = await Promise.all(
    connection.dfsps.map(async (dfsp) => {
      const part = await connection.api(dfsp).find<Timeline>(`/payments/${paymentId}/timeline`);
      return part && { dfsp, ...part };
    }),
  );
  if (parts.every((part) => part === undefined)) {
    throw new CommandFailedError('NotFoundError', `no timeline of payment ${paymentId} was found`);
  }
  const known = parts.filter((part) => part !== undefined);
  const entries = known.flatMap(({ dfsp, entries: own }) =>
    own.map((entry) => Object.assign({ dfsp, role: 'dfsp-api' }, entry)),
  );
  return {
    paymentId,
    entries: entries.toSorted((a, b) => a.at.localeCompare(b.at)),
    missing: known.flatMap(({ dfsp, missing = [] }) => missing.map((one) => Object.assign({ dfsp }, one))),
  };
}

function requestOf({ hop, method, path, status, durationMs }: TimelineEntry): string {
  const took = durationMs === undefined ? undefined : `${durationMs.toFixed(1)} ms`;
  return [hop, method, path, status, took].filter((part) => part !== undefined && part !== null).join(' ');
}

/**
 * Everything that happened to a payment: from the console with an operator's credentials, else what one DFSP API keeps.
 */
export const run: RunCommand<{ paymentId: string; dfsp?: string }> = async (context, { paymentId, dfsp }) => {
  const { connection, output } = context;
  const id = encodeURIComponent(paymentId);
  const atConsole =
    dfsp === undefined && connection.has('consoleUrl') ? await timelineOfNetwork(context, id) : undefined;
  const timeline = atConsole ?? (await timelineOfDfsps(context, id));
  output.text(
    ...textTable(
      ['AT', 'PLACE', 'ROLE', 'KIND', 'WHAT', 'REQUEST'],
      timeline.entries.map((entry) => [
        entry.at,
        entry.dfsp ?? 'centre',
        entry.role,
        entry.kind,
        entry.what,
        requestOf(entry),
      ]),
    ),
  );
  for (const { role, reason, ...place } of timeline.missing ?? []) {
    output.text(`missing: ${place.dfsp ?? 'centre'} ${role}: ${reason}`);
  }
  return { json: timeline };
};
