import type { RoleReader } from '../../../../network/src/role-reader.js';
import type { Output } from '../../output/output.js';
import { textFields, textTable } from '../../output/text-table.js';

/** A settlement window as it is listed. */
export interface SettlementWindow {
  id: string;
  number: number;
  state: 'open' | 'closed' | 'settled';
  opened_at: string;
  closed_at: string | null;
  settled_at: string | null;
  transfer_count: number;
}

/** What an account pays (negative) or gets in a window. */
export interface WindowPosition {
  account: string;
  net: string;
  confirmed: string;
  outstanding: string;
}

export interface WindowWithPositions extends SettlementWindow {
  positions: WindowPosition[];
}

/** The newest window is the open one. */
export async function openWindow(ledger: RoleReader): Promise<SettlementWindow> {
  const [newest] = await ledger.read<SettlementWindow[]>('/settlements?limit=1');
  return newest!;
}

/** `dfsp1` of `http://127.0.0.1:3012/accounts/dfsp1`. */
export function accountName({ account }: Pick<WindowPosition, 'account'>): string {
  return decodeURIComponent(account.slice(account.lastIndexOf('/') + 1));
}

export function printWindow(output: Output, window: WindowWithPositions): void {
  output.text(
    ...textFields({
      window: window.id,
      number: window.number,
      state: window.state,
      transfers: window.transfer_count,
      opened: window.opened_at,
      closed: window.closed_at,
      settled: window.settled_at,
    }),
    '',
    ...textTable(
      ['ACCOUNT', 'NET', 'CONFIRMED', 'OUTSTANDING'],
      window.positions.map((one) => [accountName(one), one.net, one.confirmed, one.outstanding]),
    ),
  );
}
