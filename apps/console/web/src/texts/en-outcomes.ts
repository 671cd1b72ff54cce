/** Why a payment moved no money, in words for its operators: what happened, and what they do. By the id of the reason. */
export const outcomes = {
  title: { ended: 'Why it was not paid', open: 'It has not ended', unbegun: 'It was not begun' },
  what: 'What happened',
  money: 'Where the money is',
  step: 'What failed first',
  away: 'Who does not answer now',
  todo: 'What to do',
  failedStep: '{{to}} refused it to {{from}} with {{status}}. Step {{hop}}: {{what}}',
  silentStep: '{{to}} gave {{from}} no answer, {{count}} times. Step {{hop}}: {{what}}',
  silentStepOnce: '{{to}} gave {{from}} no answer. Step {{hop}}: {{what}}',
  brokenStep:
    'The connection from {{from}} to {{to}} broke before an answer came, {{count}} times. Step {{hop}}: {{what}}',
  brokenStepOnce: 'The connection from {{from}} to {{to}} broke before an answer came. Step {{hop}}: {{what}}',
  unreachedStep: '{{from}} could not connect to {{to}}, {{count}} times. Step {{hop}}: {{what}}',
  unreachedStepOnce: '{{from}} could not connect to {{to}}. Step {{hop}}: {{what}}',
  call: 'A request from outside',
  /** Systems that refuse payments, by their roles. */
  system: {
    'dfsp-ledger': 'the ledger',
    'ledger-adapter': 'the ledger adapter',
    'dfsp-api': 'the DFSP API',
    'ilp-connector': 'the connector',
    'central-ledger': 'the central ledger',
    'central-directory': 'the central directory',
    'spsp-backend': 'the SPSP backend',
    'spsp-server': 'the SPSP server',
    'spsp-client': 'the SPSP client',
    'spsp-client-proxy': 'the SPSP client proxy',
    'scheme-adapter': 'the scheme adapter',
  },
  systemOf: '{{name}} of {{owner}}',
  systemAtCentre: '{{name}}',
  dfspOf: '{{party}} DFSP ({{dfsp}})',
  party: { payer: "the payer's", payee: "the payee's" },
  payersDfsp: "the payer's DFSP",
  numbers: 'In numbers',
  needed: 'Needed: {{needed}}.',
  neededAndFee: 'Needed: {{needed}} and the fee.',
  availableNow: 'Available on the account now: {{available}}.',
  availableThen: 'How much it was then is not kept.',
  noCapNow:
    'Needed at the centre: {{amount}}. What the cap was then is not kept. Now {{dfsp}} has no cap: the centre would not refuse this payment.',
  capAllowsNow:
    'Needed at the centre: {{amount}}. What the cap was then is not kept. Now {{dfsp}} may owe {{left}} more before its cap of {{cap}} is reached. It would not refuse this payment.',
  capRefusesNow:
    'Needed at the centre: {{amount}}. What the cap was then is not kept. Now {{dfsp}} may owe {{left}} more before its cap of {{cap}} is reached. It would refuse this payment again.',
  faults: 'Faults in force',
  audit: 'Audit log: who switched it on',
  moneyOf: {
    ended: 'With the payer. Nothing was moved, and what was held for it is free again on every ledger.',
    open: 'Not with the payee yet. What the payer is to pay may be held: it moves on all ledgers, or on none.',
    halfway:
      'The payee has it. On the ledgers before it is still held, and is booked there as soon as the connectors are back; these ledgers wait for them beyond the time limit of the payment.',
    unbegun: 'With the payer: no money moved, and none was held.',
  },
  openWhat: 'A part of the network has not answered yet, or is away. The payment ends by itself when it is back.',
  openTodo:
    'Do not let it be paid by other means before it has ended. See under "Open and late" whether it is late and who ends it, and under "Roles" whether all of them are ready.',
  unbegunWhat: 'A price was asked for, and nobody has paid it.',
  unbegunTodo:
    'Nothing: the price ends by itself. The customer may still pay while price and invoice are valid; after that a new price is asked for, or the merchant sends a new invoice.',
  /** How the invoice or the price of a payment ended that nobody made. */
  unpaid: {
    expired: {
      title: 'The invoice expired',
      what: 'The invoice expired on {{time}}, and nobody had paid it.',
      todo: 'Nothing is broken. If it is still owed, the merchant sends a new invoice.',
    },
    cancelled: {
      title: 'The invoice was cancelled',
      what: 'The merchant cancelled the invoice on {{time}}, before it was paid.',
      todo: 'Nothing is broken. If it was cancelled by mistake, the merchant sends a new invoice.',
    },
    rejected: {
      title: 'The invoice was rejected',
      what: 'The customer rejected the invoice on {{time}}.',
      todo: 'Nothing is broken. The merchant asks the customer why. If it is still owed, the merchant sends a new invoice.',
    },
    paid: {
      title: 'The invoice was paid otherwise',
      what: 'The invoice was paid on {{time}}, by another payment. This one was not begun.',
      todo: 'Nothing. The other payment is under "Operator", "Payments": search for the number of the customer.',
    },
    beingPaid: {
      title: 'The invoice is being paid',
      what: 'Another payment of the invoice began on {{time}}. This one was not begun.',
      todo: 'Wait for the end of the other payment: search for the number of the customer under "Operator", "Payments".',
    },
    unanswered: {
      title: 'The customer has not answered',
      what: 'The customer was asked on {{time}} to pay the invoice, and has neither paid nor rejected it.',
      todo: 'Nothing is broken. The customer can still pay or reject it, and the merchant can cancel it.',
    },
    priceExpired: {
      title: 'The price expired',
      what: 'A price was agreed, and was valid until {{time}}. Nobody paid it by then.',
      todo: 'Nothing is broken. The customer asks for the price again, and pays the new one.',
    },
    priceUntil:
      'The price shown then was valid until {{time}}; the customer gets a new one by opening the invoice again.',
  },
  unnamedAccount: 'which one is not told',
  reason: {
    UnacceptableAmountError: {
      what: 'The amount is larger than the connectors between the DFSPs pass on at once, or too small for them.',
      todo: 'Nothing is broken. The customer chooses another amount, or asks the payer’s DFSP, whose operator looks at the limits of its connector.',
    },
    unknown: {
      what: 'It was refused for a reason that has no words here.',
      todo: 'Look at the step that failed first, and ask who runs that role.',
    },
    NetDebitCap: {
      what: 'The central ledger refused it: with it {{dfsp}} would owe the other DFSPs more than its net debit cap allows. The customer had enough money.',
      todo: 'If the cap of now lets it pass, the customer pays again. Else close and settle a window, or propose a higher cap, both under "Positions". A cap that was changed at the central ledger itself is not in the audit log here.',
    },
    DfspSuspended: {
      what: 'A DFSP of the payment was suspended at the directory.',
      todo: 'See under "Participants" which one. When it is resumed, the customer can pay again.',
    },
    InsufficientFundsError: {
      what: 'The customer had too little money on the account. Money that was on hold for other payments could not be spent.',
      todo: 'Nothing is broken. The customer pays money in, or chooses another account, and pays again.',
    },
    NextLedgerPoor: {
      what: 'It was not the customer who had too little money: an account that passes payments on ({{account}}) had, or the lowest balance that it may have is too high.',
      todo: 'Ask who runs the ledger of the step that failed first: the account needs money, or a lower limit of its balance. Then the customer can pay again.',
    },
    LimitExceededError: {
      what: 'The payment is over a limit that a DFSP has set for its customers.',
      todo: 'Nothing is broken. If the limit is wrong, that DFSP changes its limit rules; else the customer pays less, or waits for the next day, week or month.',
    },
    ExpiredTransferError: {
      what: 'It was not completed in time, so it was given up.',
      todo: 'See which step failed first, and under "Roles" whether all of them are ready. Then the customer can pay again.',
    },
    UnprocessableEntityError: {
      what: 'It was refused, and no words were given.',
      todo: 'Ask who runs the system of the step that failed first; the id of the payment finds it there.',
    },
    RefusedAt: {
      what: 'It was refused by {{system}}, in its own words: “{{words}}”.',
      todo: 'Ask who runs that system, with these words and the id of the payment, before the customer tries again.',
    },
    Refused: {
      what: 'It was refused, in the words of the system that did: “{{words}}”.',
      todo: 'The page of the payment names that system as long as its steps are kept. Ask who runs it, with these words and the id of the payment.',
    },
    AccountDisabled: {
      what: 'The account “{{account}}” is disabled. It is {{owner}}, at {{dfsp}}, and the ledger there books nothing for it.',
      todo: 'Ask {{dfsp}} why, and whether it still is: this page does not know. When it is enabled again, the customer can pay again.',
    },
    SomeAccountDisabled: {
      what: 'The account “{{account}}” is disabled, and its ledger books nothing for it.',
      todo: 'Ask the DFSP of that account why, and whether it still is: this page does not know. When it is enabled again, the customer can pay again.',
    },
    FaultAt: {
      what: 'A fault that was switched on refused it in place of {{system}}. That system itself refused nothing.',
      todo: 'Mend the fault if it is still in force, or ask who switched it on. Then the customer can pay again.',
    },
    Fault: {
      what: 'A fault that was switched on in this network refused it. No system of a DFSP did.',
      todo: 'Mend the fault if it is still in force, or ask who switched it on. Then the customer can pay again.',
    },
    NotCompletedByPayer: {
      what: "The payer's DFSP did not complete it in time. Why is not known here: the payee's DFSP is not told.",
      todo: "Ask the payer's DFSP, with the id of the payment. No money moved.",
    },
    InvoiceNotPendingError: {
      what: 'The invoice could not be paid any more: it was paid, rejected or cancelled, has expired, or was being paid.',
      todo: 'Nothing is broken. If it is still owed, the merchant sends a new invoice.',
    },
    QuoteExpiredError: {
      what: 'The price was agreed, and paid too late.',
      todo: 'Nothing is broken. The customer asks for the price again, and pays that one.',
    },
    ExternalError: {
      what: 'A role did not answer, or gave an answer that nobody can use.',
      todo: 'See under "Roles" whether it is ready. Then the customer can pay again.',
    },
    ServiceUnavailableError: {
      what: 'A role had too much to do, or no database.',
      todo: 'See under "Roles" what it waits for. Then the customer can pay again.',
    },
    LedgerNotConnectedError: {
      what: 'A connector has no connection to one of its ledgers.',
      todo: 'See under "Roles" which ledger or connector is away. Then the customer can pay again.',
    },
    AssetsNotTradedError: {
      what: "There is no way from the payer's DFSP to the payee's.",
      todo: 'See under "Participants" whether one of them is suspended.',
    },
    UserNotFound: {
      what: 'No DFSP of the network has a customer with the number of the payee.',
      todo: 'Nothing is broken. Who made the request or the list checks the number.',
    },
    NotFoundError: {
      what: 'Something that the request names is not there: an account of the payer, a number, an invoice or a payment.',
      todo: 'Nothing is broken. Who made the request checks whose account it names, and the number or id.',
    },
    InvoiceNotFoundError: {
      what: 'There is no such invoice at the DFSP of the merchant.',
      todo: 'The customer scans the code again, or the merchant sends a new invoice.',
    },
    NoAccount: {
      what: 'The payee has no account that can take money.',
      todo: "The payee opens one at the payee's DFSP.",
    },
    UserIsAboveFraudThreshold: {
      what: "The payee's DFSP does not let this customer be paid, because of a suspicion of fraud.",
      todo: 'Only that DFSP can say more. The payer is not told the reason.',
    },
  },
};
