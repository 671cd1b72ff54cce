/** Purpose of a payment, by which fee rules and quotes are chosen (contract 2.8, 5.3). */
export enum TransferType {
  P2p = 'p2p',
  Invoice = 'invoice',
  Fee = 'fee',
  BulkPayment = 'bulkPayment',
  CashIn = 'cashIn',
  CashOut = 'cashOut',
}
