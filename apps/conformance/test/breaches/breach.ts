import type { Breach, Passing, PassingAnswer } from '../breaking-proxy.js';

/** A rule that is broken, the cases that look at it, and words of the finding that must name it. */
export interface BrokenRule {
  name: string;
  /** Before the system, or before the roles that it calls. */
  at: 'front' | 'back';
  breach: Breach;
  /** Cases that are run, by route and name. */
  cases: RegExp;
  finding: RegExp;
  /** Something never comes, so it is not waited for as long as for what comes. */
  neverComes?: boolean;
}

export function json(status: number, body: unknown): PassingAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Answers in the place of the role, so that the request never arrives. */
export function swallow(route: RegExp, answer: PassingAnswer | ((request: Passing) => PassingAnswer)): Breach {
  return {
    instead: (request) => {
      if (!isFor(route, request)) return undefined;
      return typeof answer === 'function' ? answer(request) : answer;
    },
  };
}

/** Changes the JSON that a request carries. */
export function changeBody(route: RegExp, change: (body: any) => unknown): Breach {
  return {
    request: (request) =>
      isFor(route, request) && request.body !== ''
        ? { ...request, body: JSON.stringify(change(JSON.parse(request.body))) }
        : request,
  };
}

/** Leaves a header out of requests. */
export function dropHeader(name: string): Breach {
  return {
    request: ({ headers, ...request }) => {
      const { [name]: _, ...others } = headers;
      return { ...request, headers: others };
    },
  };
}

/** Changes the JSON of good answers. */
export function changeAnswer(route: RegExp, change: (body: any) => unknown): Breach {
  return {
    answer: (answer, request) =>
      isFor(route, request) && answer.status < 300
        ? { ...answer, body: JSON.stringify(change(JSON.parse(answer.body))) }
        : answer,
  };
}

/** Changes the status of answers. */
export function changeStatus(route: RegExp, from: number, to: number): Breach {
  return {
    answer: (answer, request) => (isFor(route, request) && answer.status === from ? { ...answer, status: to } : answer),
  };
}

export function isFor(route: RegExp, { method, path }: Passing): boolean {
  return route.test(`${method} ${path}`);
}
