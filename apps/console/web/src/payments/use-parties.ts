import { useNetwork } from '../api/network';
import type { PaymentView } from '../api/payments';
import { useNames } from '../phones/use-names';

/** Payer or payee of a payment. */
export interface Party {
  name: string;
  /** Undefined if it is not known. */
  dfsp?: string | undefined;
  /** Name of the account, if it is known. */
  account?: string | undefined;
  /** As its own DFSP has the payment; absent if that has no record of it, or could not be asked. */
  view?: PaymentView;
}

/**
 * Who pays, or is paid: as the own DFSP says, or else as the other one does. A payee's DFSP has no record of what was
 * refused on its way.
 */
export function useParties(): (views: readonly PaymentView[], side: PaymentView['side']) => Party | undefined {
  const names = useNames();
  const { data: network } = useNetwork();
  return (views, side) => {
    const view = views.find((one) => one.side === side);
    if (view) {
      const { identifier, account } = view.record.customer;
      return { name: names(identifier), dfsp: view.dfsp, account, view };
    }
    const { identifier, name, account } = views[0]?.record.counterpart ?? {};
    if (identifier === undefined && name === undefined && account === undefined) return undefined;
    const own = network?.participants.find(({ roles }) => roles.some(({ url }) => account?.startsWith(`${url}/`)));
    const accountName = account?.split('/').at(-1);
    const known = names(identifier);
    return {
      name: known === identifier || identifier === undefined ? (name ?? identifier ?? accountName ?? known) : known,
      dfsp: own?.name,
      account: accountName,
    };
  };
}
