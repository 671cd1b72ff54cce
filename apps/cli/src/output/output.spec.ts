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
