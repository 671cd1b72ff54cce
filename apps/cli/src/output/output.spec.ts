import { describe, expect, it } from '@jest/globals';
import { Output } from './output.js';

function written(isTTY: boolean, isJson: boolean, act: (output: Output) => void): { out: string; err: string } {
  const texts = { out: '', err: '' };
  const write =
    (name: 'out' | 'err') =>
    (text: string | Uint8Array): boolean => {
      texts[name] += String(text);
      return true;
    };
  act(new Output({ out: { write: write('out') }, err: { write: write('err'), isTTY } }, isJson));
  return texts;
}

const work = (output: Output): void => {
  output.progress('reads …');
  output.text('one', 'two');
  output.json({ done: true });
};

describe('the output of a command', () => {
  it('is text on stdout, and progress on a terminal that is gone when the text comes', () => {
    expect(written(true, false, work)).toEqual({ out: 'one\ntwo\n', err: '\r\u001B[Kreads …\r\u001B[K' });
  });

  it('has nothing that a terminal acts on, and one line for each, whatever others named themselves', () => {
    const hostile = 'Ann\u001b]0;x\u0007\u009b2J\u202e\r\nDONE\tx';
    const shown = 'Ann\ufffd]0;x\ufffd\ufffd2J\ufffd DONE x\n';
    expect(written(false, false, (output) => output.text(hostile)).out).toBe(shown);
    const error = { id: 'X', message: `a\n${hostile}` };
    expect(written(false, false, (output) => output.error(error)).err).toBe(
      'levelone: a\nAnn\ufffd]0;x\ufffd\ufffd2J\ufffd\r\nDONE\tx\n',
    );
    expect(written(false, false, (output) => output.content('a;b\r\nc\u001b[1m')).out).toBe('a;b\r\nc\ufffd[1m\n');
  });

  it('has no progress where stderr is no terminal', () => {
    expect(written(false, false, work)).toEqual({ out: 'one\ntwo\n', err: '' });
  });

  it('is one JSON document with --json, of an error too', () => {
    expect(JSON.parse(written(false, true, work).out)).toEqual({ done: true });
    const error = { id: 'NotReachable', message: 'no answer' };
    expect(written(false, true, (output) => output.error(error))).toEqual({
      out: `${JSON.stringify({ error }, null, 2)}\n`,
      err: '',
    });
  });
});
