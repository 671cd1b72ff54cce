import { describe, expect, it } from '@jest/globals';
import { ERROR_FACTS, errorsOf, isErrorId } from '@level-one/errors';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const DOCS = join(dirname(import.meta.dirname), 'docs');
const PAGE = readFileSync(join(DOCS, 'errors.md'), 'utf8');

interface Operation {
  responses: Record<string, { description: string }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

interface DocumentedError {
  place: string;
  status: string;
  description: string;
}

/** Every error in the OpenAPI documents, with the route that answers it. */
const documented: DocumentedError[] = readdirSync(join(DOCS, 'openapi')).flatMap((file) => {
  const { paths } = JSON.parse(readFileSync(join(DOCS, 'openapi', file), 'utf8')) as Document;
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { responses }]) =>
      Object.entries(responses)
        .filter(([status]) => Number(status) >= 400)
        .map(([status, { description }]) => ({ place: `${file} ${method} ${path}`, status, description })),
    ),
  );
});

describe('the error catalogue', () => {
  it('has a section for every error id', () => {
    const sections = new Set([...PAGE.matchAll(/^## (\w+)$/gm)].map(([, id]) => id));
    expect([...sections]).toEqual(Object.keys(ERROR_FACTS));
  });

  it('is linked from every error of every route, with the status of the id', () => {
    expect(documented.length).toBeGreaterThan(500);
    const wrong = documented.filter(({ status, description }) => {
      const links = [...description.matchAll(/\[(\w+)\]\(\.\.\/errors\.md#(\w+)\)/g)];
      const isRight = ([, id = '', anchor]: RegExpMatchArray): boolean =>
        isErrorId(id) && anchor === id.toLowerCase() && String(ERROR_FACTS[id].status) === status;
      return links.length === 0 || !links.every(isRight);
    });
    expect(wrong).toEqual([]);
  });

  it('has every id that a route documents', () => {
    const words = documented.flatMap(({ place, description }) =>
      [...description.matchAll(/(?<![\w[])[A-Z]\w+Error\b/g)].map(([id]) => `${place}: ${id}`),
    );
    expect(words).toEqual([]);
  });

  it('has something to say about each: a sentence and an advice', () => {
    const short = Object.entries(ERROR_FACTS).filter(
      ([, { means, advice }]) => !/^[A-Z`].{10,}\.$/.test(means) || !/^[A-Z`].{10,}\.$/.test(advice),
    );
    expect(short).toEqual([]);
  });

  it('refuses to compile an id that it does not have, and a status that is not its own', () => {
    // @ts-expect-error The catalogue has no such id.
    expect(errorsOf<'NoSuchError'>({ NoSuchError: { status: 400, message: '' } })).toBeInstanceOf(Function);
    // @ts-expect-error Its status is 404.
    expect(errorsOf<'NotFoundError'>({ NotFoundError: { status: 400, message: '' } })).toBeInstanceOf(Function);
  });
});
