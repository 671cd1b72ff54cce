import type { FaultRule } from '../api/faults';

/** Faults that teach something, with the rules that docs/faults.md names. Their words are under `faults.preset`. */
export const PRESETS = {
  refuses: { hop: 'row-35', action: { do: 'refuse', status: 422, id: 'UnprocessableEntityError' } },
  slow: { hop: 'row-35', action: { do: 'delay', ms: 3_000 } },
  down: { place: 'dfsp2/spsp-backend', action: { do: 'cut', when: 'before' } },
  busy: { place: 'central-ledger', times: 20, action: { do: 'refuse', status: 503, id: 'ServiceUnavailableError' } },
  lostAnswer: { hop: 'V.D', times: 1, action: { do: 'cut', when: 'after' } },
  twice: { hop: 'P.D', action: { do: 'duplicate' } },
  lostFrame: { kind: 'frame', event: 'transfer.create', times: 1, action: { do: 'cut', when: 'before' } },
  late: { hop: 'P.D', times: 1, action: { do: 'late', ms: 8_000 } },
} satisfies Record<string, FaultRule>;

export type Preset = keyof typeof PRESETS;

/** A rule in short: `V.D · cut after · 1×`. */
export function ruleText({ kind, place, hop, event, times, action }: FaultRule): string {
  const where = [kind, place, hop, event].filter((part) => part !== undefined).join(' ');
  const what = [
    action.do,
    action.when,
    action.status,
    action.id,
    action.ms === undefined ? undefined : `${action.ms} ms`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
  return [where, what, times === undefined ? undefined : `${times}×`].filter((part) => part).join(' · ');
}
