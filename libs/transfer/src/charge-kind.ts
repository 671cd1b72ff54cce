/** Who receives a charge: the DFSP a fee, an agent or customer a commission. */
export enum ChargeKind {
  Fee = 'fee',
  Commission = 'commission',
}
