/**
 * Why each hop is there and what happens if it fails, by its id with `_` for `.`: what it is, why, what if it fails.
 * The facts are those of docs/hops.md, docs/flows and docs/contract.
 */
const rows = {
  I_A: [
    'Which DFSPs hold this number?',
    'A number alone does not say which DFSP serves it. The central directory does.',
    'Unknown number: 404, and the phone says that nobody has it. Directory away: 502. No money is involved yet.',
  ],
  I_B: [
    'DFSPs registered for the number',
    'The directory keeps names and addresses of DFSPs; the registry keeps which number belongs to which DFSP.',
    'The look-up ends with 404 if the number is unknown, else with 502.',
  ],
  I_C: [
    'Who is behind the number?',
    'The directory gave the address of the receiver. The DFSP API reaches other DFSPs only through its SPSP client proxy.',
    'The look-up ends with the reason. Nothing is stored.',
  ],
  I_D: [
    'Who is behind the number?',
    'The proxy is the only way to the SPSP client, which alone calls other DFSPs.',
    'The look-up ends with the reason. Nothing is stored.',
  ],
  I_E: [
    'Ask the other DFSP for the name',
    'Only the DFSP of the customer knows the name. This is the first step that leaves the own DFSP. An address that no DFSP registered is never called.',
    'The other DFSP is away: 502 after 10 s. The phone says so, and the look-up can be repeated.',
  ],
  I_F: [
    'Read the receiver',
    'The SPSP server speaks with the network, the backend with the DFSP.',
    'The look-up ends with the reason. Nothing is stored.',
  ],
  I_G: [
    'Read the customer',
    'The DFSP API keeps the customers: name, currency and account come from here.',
    'The look-up ends with the reason. Nothing is stored.',
  ],
  II: [
    "The merchant's phone sends an invoice",
    'The invoice stays with the DFSP of the merchant. Others get only its address.',
    'Nothing is stored if the customer is unknown. A repeated request with the same id gets the same invoice.',
  ],
  III_A: [
    "Tell the customer's DFSP",
    'The invoice is stored before this step, because the other DFSP reads it before it shows anything.',
    'The invoice stays. The notification is tried again with growing pauses, a limited number of times.',
  ],
  III_B: [
    "Tell the customer's DFSP",
    'The proxy is the only way to the SPSP client, which alone calls other DFSPs.',
    'The notification is tried again.',
  ],
  III_C: [
    'Deliver the notification',
    'The request crosses from one DFSP to the other. It is signed, so that nobody can send invoices in the name of another.',
    'It is tried again. The same notification twice is one notification.',
  ],
  III_D: [
    'Deliver the notification',
    'The SPSP server speaks with the network, the backend with the DFSP.',
    'It is tried again.',
  ],
  III_E: [
    'Store the notification',
    'The DFSP API reads the invoice at its issuer first and stores only what is pending and for this customer.',
    'An unknown or foreign invoice is refused. While the issuer does not answer, nothing is stored and it is tried again.',
  ],
  'row-14': [
    'Read the invoice',
    'The invoice is read where it was issued each time it is shown or paid: amount and state are never taken from a copy.',
    'The phone says that a system is away. Nothing is paid unread.',
  ],
  'row-14b': [
    'Read the invoice',
    'The proxy is the only way to the SPSP client.',
    'The phone says that a system is away. Nothing is paid unread.',
  ],
  'row-15': [
    "Read the invoice at the merchant's DFSP",
    'The request crosses to the DFSP that issued the invoice.',
    'After 10 s without an answer: 502. Reading changes nothing and can be repeated.',
  ],
  'row-15b': ['Read the invoice', 'The SPSP server asks the backend.', 'Reading can be repeated.'],
  'row-16': [
    'Read the invoice',
    'The DFSP API of the merchant has the invoice with its state.',
    'Reading can be repeated.',
  ],
  S_A: [
    'Set up the payment',
    'Before money moves, the payee has to agree and make the condition of the payment. The payment has its id already, stored by the DFSP of the payer.',
    'Nothing is held yet. The id of the payment is made void at the ledger, then the payment is "failed".',
  ],
  S_B: ['Set up the payment', 'The proxy is the only way to the SPSP client.', 'Nothing is held yet.'],
  S_C: [
    'Ask the payee for condition and packet',
    'The SPSP server of the payee makes a secret, the fulfillment. The condition is its SHA-256 hash. Whoever holds money against the condition pays only for the secret.',
    'Nothing is held yet. A repeated set-up gets the same bytes.',
  ],
  S_D: ['May this payment come?', 'The SPSP server asks its own DFSP first.', 'The set-up is refused with the reason.'],
  S_E: [
    'May this payment come?',
    'The DFSP of the payee checks customer, invoice, quote and limits. The invoice is marked as being paid.',
    'The set-up is refused with the reason, and the invoice stays pending.',
  ],
  S_F: [
    'The same question again',
    'A repeated question gets the same answer, so a lost answer does no harm.',
    'The set-up is refused with the reason.',
  ],
  'row-25': [
    'What has to be sent?',
    'The connector knows route and rate: the amount on the own ledger for the amount that must arrive.',
    'No route: the payment is refused before money is held.',
  ],
  quote: [
    'The phone asks for the price',
    'Both DFSPs agree on the price before anything is paid. Then exactly this price is paid, or nothing.',
    'No price, no payment. Asking again with the same id gets the same price.',
  ],
  Q_1: [
    'Ask for a quote',
    'The own fee is known. The scheme adapter asks the other DFSP for its part.',
    'The phone gets the reason. Nothing is reserved at the payer.',
  ],
  'row-44': [
    'Ask the other DFSP for a quote',
    'The request crosses to the DFSP of the payee. It is signed.',
    'Repeated with the same id it gets the same quote.',
  ],
  Q_2: [
    'Reserve the quote',
    'The DFSP of the payee sets its fee and checks its limits, and stores the quote for ten minutes.',
    'Refused with the reason, such as LimitExceededError.',
  ],
  'row-45': [
    'Make a payment request',
    'The SPSP server of the payee makes condition and ILP packet for this quote: only it can make the fulfillment.',
    'No quote. What was reserved expires.',
  ],
  'row-45b': [
    'What does it cost here?',
    'The amount in the currency of the payer, by rate and route.',
    'No quote. What was reserved expires.',
  ],
  'row-46': ['Read the quote', 'The price and its state, at any time.', 'Reading can be repeated.'],
  'row-46a': ['Read the quote', 'The proxy asks the scheme adapter.', 'Reading can be repeated.'],
  'row-46b': ['Read the quote', 'The DFSP API keeps the quote.', 'Reading can be repeated.'],
  'row-25a': ['What arrives of an amount?', 'The fees of an amount that is sent.', 'Reading can be repeated.'],
  'row-25b': ['What has to be sent?', 'The fees for an amount that must arrive.', 'Reading can be repeated.'],
  'row-25c': ['What arrives of an amount?', 'The SPSP client asks the connector.', 'Reading can be repeated.'],
  'row-25d': ['What has to be sent?', 'The SPSP client asks the connector.', 'Reading can be repeated.'],
  transfer: [
    'The phone pays the quote',
    'The payer approves exactly the price that was agreed.',
    'A repeated request waits for the same payment. A quote is paid once.',
  ],
  'row-47': [
    'Pay the payment request',
    'A quoted payment goes through the scheme adapter.',
    'Without an answer the payment stays open until its end is certain; the ledger is asked.',
  ],
  'row-47b': [
    'Pay the payment request',
    'The SPSP client holds the money and waits for the end.',
    'Without an answer the payment stays open until its end is certain; the ledger is asked.',
  ],
  'row-23a': [
    "The payer's fee",
    'The fee is handed to the ledger before the transfer, and is booked in the same moment as the transfer or not at all.',
    'The payment is refused before money is held.',
  ],
  P_A: [
    'Pay',
    'The payment was stored, then sent. Its answer comes when the payment is final.',
    'Without an answer the payment is "pending" until its end is certain. It is sent again with the same id, which pays once.',
  ],
  P_B: [
    'Pay',
    'The SPSP client prepares the first transfer and waits for its end.',
    'Without an answer the payment is "pending". The same id pays once.',
  ],
  'row-23b': [
    'What became of the payment?',
    'Asked when an answer was lost.',
    'It is asked again, without an end, until it is certain.',
  ],
  'row-23c': ['What became of the payment?', 'Asked when an answer was lost.', 'It is asked again.'],
  P_C: [
    'Rate and route now',
    'Between set-up and payment the rate may have changed.',
    'The payment is refused before money is held.',
  ],
  P_D: [
    "Hold the payer's money (T1)",
    'Transfer 1 on the ledger of the payer: the money is held for the connector until the fulfillment comes or time is over.',
    'Not enough money: the payment is refused. No answer: the same id is sent or asked again, and books once.',
  ],
  P_E: [
    "Hold the payer's money (T1)",
    'The adapter speaks Five Bells to the network and passes the transfer to the ledger of the DFSP.',
    'Not enough money: 422 InsufficientFundsError.',
  ],
  P_F: [
    'T1 is prepared',
    'The ledger reports the hold to the connector by a frame, from a log that loses nothing.',
    'A lost frame comes again: the subscriber resumes where it stopped.',
  ],
  P_G1: [
    'Hold at the centre (T2)',
    'The connector of the payer holds the money of its DFSP on the central ledger. T2 expires one second before T1, so that there is time to claim T1.',
    'Refused: T2 is made void, T1 is rejected, and the payer has the money back.',
  ],
  P_G2: [
    'T2 is prepared',
    'The central ledger reports the hold to the connector of the payee.',
    'A lost frame comes again.',
  ],
  P_H: [
    'Hold for the payee (T3)',
    'The connector of the payee holds its own money for the payee. T3 expires one second before T2.',
    'Refused: T3 is made void, then T2 and T1 are rejected.',
  ],
  P_I: [
    'Hold for the payee (T3)',
    'The adapter passes the transfer to the ledger of the DFSP.',
    'Refused: T2 and T1 are rejected.',
  ],
  P_J: ['T3 is prepared', 'The SPSP server of the payee sees that the money is there.', 'A lost frame comes again.'],
  'row-34': [
    'Does the payee take it?',
    'Packet, amount and condition fit. The DFSP of the payee is asked before the secret is shown.',
    'A refusal rejects T3 with the reason; T2 and T1 follow. Nobody has paid.',
  ],
  'row-35': [
    'Does the payee take it?',
    'The DFSP API compares the payment with the invoice. The same route later reports the end.',
    'A refusal rejects T3 with the reason; T2 and T1 follow. Nobody has paid.',
  ],
  'row-48': [
    'Does the payee take the quoted payment?',
    'The DFSP of the payee is asked before the secret is shown.',
    'A refusal rejects T3 with the reason; T2 and T1 follow. Nobody has paid.',
  ],
  'row-48b': [
    'Does the payee take the quoted payment?',
    'The DFSP API compares the transfer with the quote it keeps.',
    'A refusal rejects T3 with the reason; T2 and T1 follow. Nobody has paid.',
  ],
  'row-35b': [
    "The payee's fee",
    'The fee of the payee is handed to the ledger and booked in the same moment as T3.',
    'The payment is refused, and all holds are given back.',
  ],
  V_A: [
    'Fulfil T3',
    'The secret is shown. From here the money moves, from the payee backwards.',
    'It is sent again. The payee is paid if T3 executes in time; else all three transfers end unpaid.',
  ],
  V_B: [
    'Fulfil T3',
    'The ledger checks that the SHA-256 hash of the fulfillment is the condition, then books.',
    'It is sent again; a repeated fulfillment changes nothing.',
  ],
  V_C: [
    'T3 is executed',
    'The payee has the money. The frame carries the fulfillment to the connector.',
    'A lost frame comes again. The transfers behind it stay open to those who have paid.',
  ],
  V_D: [
    'Fulfil T2',
    'The connector of the payee has paid, and claims its money at the centre with the same fulfillment.',
    'It is sent again; T2 stays open to the connector for a grace.',
  ],
  V_E: [
    'T2 is executed',
    'The positions of the DFSPs have moved. The frame carries the fulfillment to the connector of the payer.',
    'A lost frame comes again.',
  ],
  V_F: [
    'Fulfil T1',
    'The connector of the payer claims the money that was held for it.',
    'It is sent again; T1 stays open to the connector for a grace.',
  ],
  V_G: [
    'Fulfil T1',
    "The hold of the payer becomes a booking, with the payer's fee.",
    'It is sent again; a repeated fulfillment changes nothing.',
  ],
  V_H: [
    'T1 is executed',
    'The SPSP client learns the end, and answers the payment.',
    'A lost frame comes again; the DFSP also asks the ledger by itself.',
  ],
  R1: [
    'Reject T3',
    'The DFSP of the payee refuses the payment. The hold of the payee is given back first.',
    'It is sent again. If it never arrives, T3 expires by itself.',
  ],
  R1b: ['Reject T3', 'The adapter passes the rejection to the ledger.', 'T3 expires by itself.'],
  R2: [
    'Reject T2',
    'The reason is passed on unchanged, and the hold at the centre is given back.',
    'T2 expires by itself.',
  ],
  R3: ['Reject T1', "The payer's money is free again.", 'T1 expires by itself, and the money is free again.'],
  R3b: ['Reject T1', 'The adapter passes the rejection to the ledger.', 'T1 expires by itself.'],
  R4: ['T1 is rejected', 'The SPSP client learns the end with its reason.', 'A lost frame comes again.'],
  R5: [
    'T1 has expired',
    'No answer came in time. Each ledger has ended its transfer by its own clock.',
    'A lost frame comes again.',
  ],
  'support-origins': [
    'Known DFSPs',
    'Only addresses that a DFSP registered are called.',
    'The copy in memory is used, else the call is refused.',
  ],
  'support-register': ['Register a number', 'The directory tells the registry.', 'The registration fails.'],
  'support-ledger': ['Read at the ledger', 'Account or transfer at the own ledger.', 'It is read again.'],
  'support-adapter': ['Read at the adapter', 'Metadata, tokens and transfers.', 'It is read again.'],
  'support-central': ['Read at the central ledger', 'Metadata, tokens and transfers.', 'It is read again.'],
  'support-relay': ['Passed on to the ledger', 'The adapter passes on everything else.', 'It is read again.'],
} satisfies Record<string, readonly [what: string, why: string, fails: string]>;

type Rows = typeof rows;

export const hops = Object.fromEntries(
  Object.entries(rows).map(([id, [what, why, fails]]) => [id, { what, why, fails }]),
) as { [Id in keyof Rows]: { what: string; why: string; fails: string } };
