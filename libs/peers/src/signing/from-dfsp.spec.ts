import { describe, expect, it } from '@jest/globals';
import type { CallerKind } from '@level-one/platform';
import { FROM_DFSP_HEADER, fromDfsp } from './from-dfsp.js';

const from = (...callers: CallerKind[]): string | undefined =>
  fromDfsp({ headers: { [FROM_DFSP_HEADER]: 'dfsp2' }, callers });

describe('A7: the header that names a proven DFSP', () => {
  it('is believed from roles of the own DFSP, and after the own check of a signature', () => {
    expect(from('spsp-backend')).toBe('dfsp2');
    expect(from('scheme-adapter')).toBe('dfsp2');
    expect(from('dfsp')).toBe('dfsp2');
  });

  it('proves nothing when a channel, an administrator, or nobody who is known writes it', () => {
    expect(from('channel')).toBeUndefined();
    expect(from('admin')).toBeUndefined();
    expect(from('account')).toBeUndefined();
    expect(from()).toBeUndefined();
    expect(fromDfsp({ headers: { [FROM_DFSP_HEADER]: 'dfsp2' } })).toBeUndefined();
  });
});
