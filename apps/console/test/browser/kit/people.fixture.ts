/** Console of the network under test, from `setup.mjs`. */
export const CONSOLE_URL = process.env['CONSOLE_URL']!;

/** People of the demo network. */
export const ALICE = { number: '78956562', name: 'Alice Ames', account: 'alice', dfsp: 'dfsp1' };
export const BOB = { number: '26547070', name: 'Bob Diaz', account: 'bob', dfsp: 'dfsp2' };
export const ERIN = { number: '92806391', name: 'Erin Eze', account: 'erin', dfsp: 'dfsp1' };
export const FRANK = { number: '30754016', name: 'Frank Fall', account: 'frank', dfsp: 'dfsp2' };
