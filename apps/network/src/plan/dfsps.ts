/** The DFSPs of the demo network. */
export const DFSPS = ['dfsp1', 'dfsp2'] as const;
export type DfspName = (typeof DFSPS)[number];
