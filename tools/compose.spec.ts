import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { signingKeyOf } from '@level-one/ledger';
import {
  addressList,
  basicAuthorization,
  clientAddress,
  describeSettings,
  settingsFromEnvironment,
} from '@level-one/platform';
import { load } from 'js-yaml';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hostOf, planConsoleContainer, planContainers } from '../apps/network/src/containers/containers.js';
import { ROLE_DEFINITIONS } from '../apps/network/src/definitions.js';

const DOCKER = join(dirname(import.meta.dirname), 'docker');
const PLACEHOLDER = /\$\{([A-Z0-9_]+):\?[^}]+\}/g;

/** A variable that need not be there, with what is taken instead. */
const OPTIONAL = /\$\{[A-Z0-9_]+:-([^}]*)\}/g;

interface Service {
  image: string;
  ports?: string[];
  environment: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  networks?: { default: { ipv4_address: string } };
  build?: { dockerfile: string; args: { ROLE: string } };
}

const { services, networks } = load(readFileSync(join(DOCKER, 'compose.yaml'), 'utf8')) as {
  services: Record<string, Service>;
  networks: { default: { ipam: { config: { subnet: string }[] } } };
};
const { instances } = planContainers((variable) => variable);
const console = planConsoleContainer((variable) => variable);
const roles = [...instances, console].map((instance) => ({ ...instance, name: hostOf(instance.role, instance.dfsp) }));

function serviceOf(name: string): Service {
  const service = services[name];
  if (!service) throw new Error(`no service ${name}`);
  return service;
}

/** The environment as Compose fills it in, with secrets and keys of the real length. */
function filled(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value
        .replaceAll(PLACEHOLDER, (_, variable: string) => {
          const encoding = variable.endsWith('_PUBLIC_KEY') ? 'base64url' : 'hex';
          return createHash('sha256').update(variable).digest(encoding);
        })
        .replaceAll(OPTIONAL, (_, otherwise: string) => otherwise),
    ]),
  );
}

describe('docker/compose.yaml', () => {
  it('has every instance of the network, its database and its seed', () => {
    expect(Object.keys(services).toSorted()).toEqual(['postgres', 'seed', ...roles.map(({ name }) => name)].toSorted());
    expect(roles).toHaveLength(22);
  });

  it.each(roles)('$name has every setting it needs, and no unknown one', ({ name, role }) => {
    const { environment } = serviceOf(name);
    const { settings: settingsClass } = ROLE_DEFINITIONS[role];
    const known = new Set(describeSettings(settingsClass).map(({ env }) => env));
    expect(Object.keys(environment).filter((variable) => !known.has(variable))).toEqual([]);
    const settings = settingsFromEnvironment(settingsClass, filled(environment));
    expect(settings).toMatchObject({ host: '0.0.0.0', demoNetwork: false });
  });

  it.each(roles)('$name is built from its own role, and published on this machine only', ({ name, role, port }) => {
    const { build, image, ports, environment } = serviceOf(name);
    expect([image, build?.args.ROLE]).toEqual([`level-one/${role}`, role]);
    expect(ports).toEqual([`127.0.0.1:${port}:${port}`]);
    expect(environment['PORT']).toBe(String(port));
  });

  it.each(roles)('$name gets every secret from a variable', ({ name, role }) => {
    const { environment } = serviceOf(name);
    const secrets = describeSettings(ROLE_DEFINITIONS[role].settings).filter(({ secret }) => secret);
    for (const { env } of secrets) {
      const value = environment[env] ?? '';
      expect(value.replaceAll(PLACEHOLDER, '')).toMatch(/^([\w-]+:)?(,[\w-]+:)*$/);
    }
    expect(environment['DATABASE_URL'] ?? ':${POSTGRES_PASSWORD:').toContain(':${POSTGRES_PASSWORD:');
  });

  it.each(['dfsp1', 'dfsp2'])('A4: the ledger of %s sees the addresses of its adapter’s callers', (dfsp) => {
    const address = serviceOf(`${dfsp}-ledger-adapter`).networks?.default.ipv4_address ?? '';
    const [subnet] = networks.default.ipam.config.map(({ subnet: text }) => addressList(text));
    expect(subnet?.check(address)).toBe(true);
    expect(serviceOf(`${dfsp}-dfsp-ledger`).environment['TRUSTED_PROXIES']).toBe(address);
    const { trustedProxies } = settingsFromEnvironment(
      ROLE_DEFINITIONS['dfsp-ledger'].settings,
      filled(serviceOf(`${dfsp}-dfsp-ledger`).environment),
    ) as { trustedProxies: string };
    const arrival = { socket: { remoteAddress: address }, headers: { 'x-forwarded-for': '203.0.113.7' } };
    expect(clientAddress(arrival, addressList(trustedProxies))).toBe('203.0.113.7');
  });

  it('gives each instance a schema of its own', () => {
    const schemas = roles.map(({ name }) => serviceOf(name).environment['DATABASE_SCHEMA']).filter(Boolean);
    expect(new Set(schemas).size).toBe(schemas.length);
  });

  it('points every URL at a service and its port', () => {
    for (const [name, { environment }] of Object.entries(services)) {
      for (const [variable, value] of Object.entries(filled(environment))) {
        // People open the console in a browser on this machine.
        const isForBrowsers = name === console.role && variable === 'PUBLIC_URL';
        if (!/^https?:/.test(value) || isForBrowsers) continue;
        const { hostname, port } = new URL(value);
        expect([name, variable, serviceOf(hostname).environment['PORT']]).toEqual([name, variable, port]);
      }
    }
  });

  it('lets every role send its spans to the console, which takes them by the header that make-env.mjs makes', () => {
    for (const { name, role } of roles) {
      const { environment } = serviceOf(name);
      const endpoint = filled(environment)['OTEL_EXPORTER_OTLP_ENDPOINT'];
      expect([name, endpoint]).toEqual([name, role === console.role ? undefined : 'http://console:3000']);
    }
    expect(serviceOf(console.role).environment['TRACE_CREDENTIALS']).toMatch(/^traces:\$\{TRACES_PASSWORD:/);
  });

  it('has a console that knows every role by its service, and no secret in clear', () => {
    const { NETWORK = '' } = serviceOf(console.role).environment;
    const { centre, participants } = JSON.parse(NETWORK) as {
      centre: { roles: { url: string }[] };
      participants: { operator: string; channel: string; roles: { url: string }[] }[];
    };
    const urls = [centre, ...participants].flatMap((place) => place.roles.map(({ url }) => new URL(url)));
    expect(urls.map(({ hostname }) => hostname).toSorted()).toEqual(
      instances.map(({ role, dfsp }) => hostOf(role, dfsp)).toSorted(),
    );
    for (const { hostname, port } of urls) expect(serviceOf(hostname).environment['PORT']).toBe(port);
    for (const { operator, channel } of participants) {
      for (const pair of [operator, channel]) expect(pair.replaceAll(PLACEHOLDER, '')).toMatch(/^\w+:$/);
    }
  });

  it('waits only for services with a health check', () => {
    for (const { depends_on = {} } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        const { healthcheck, build } = serviceOf(name);
        // A role's image has a health check of its own.
        expect(condition === 'service_completed_successfully' || Boolean(healthcheck ?? build)).toBe(true);
      }
    }
  });
});

describe('docker/make-env.mjs', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'level-one-env-'));
    for (const file of ['compose.yaml', 'make-env.mjs']) cpSync(join(DOCKER, file), join(folder, file));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const run = (): string => {
    execFileSync(process.execPath, [join(folder, 'make-env.mjs')]);
    return readFileSync(join(folder, '.env'), 'utf8');
  };

  const valuesIn = (text: string): [string, string][] =>
    Array.from(text.matchAll(/^(\w+)=([0-9a-f]{64}|[\w-]{43})$/gm), ([, name = '', value = '']) => [name, value]);

  it('has a different secret for every variable of compose.yaml', () => {
    const text = run();
    const secrets = new Map(valuesIn(text));
    const asked = new Set(
      Array.from(readFileSync(join(folder, 'compose.yaml'), 'utf8').matchAll(PLACEHOLDER), ([, name]) => name),
    );
    expect(new Set(secrets.keys())).toEqual(asked);
    expect(new Set(secrets.values()).size).toBe(asked.size);
    const [, header = ''] = /^OTEL_EXPORTER_OTLP_HEADERS=authorization=(.*)$/m.exec(text) ?? [];
    expect(decodeURIComponent(header)).toBe(basicAuthorization('traces', secrets.get('TRACES_PASSWORD')!));
    expect(statSync(join(folder, '.env')).mode & 0o077).toBe(0);
    expect(run()).toBe(text);
  });

  it('has the keys by which each ledger proves late claims to the one before it', () => {
    const { secrets } = planContainers((variable) => new Map(valuesIn(run())).get(variable) ?? variable);
    for (const ledger of ['dfsp1', 'dfsp2', 'central'] as const) {
      const { publicKey } = signingKeyOf({ tokenSecret: '', ledgerSigningKey: secrets.ledgerSigningKey![ledger] });
      expect(secrets.ledgerKey[ledger]).toBe(publicKey);
    }
    const keysOf = (name: string) => serviceOf(name).environment['CLAIM_LEDGER_KEYS']?.replaceAll(PLACEHOLDER, '$1');
    expect(keysOf('central-ledger')).toBe('dfsp1=DFSP1_LEDGER_PUBLIC_KEY,dfsp2=DFSP2_LEDGER_PUBLIC_KEY');
    expect(keysOf('dfsp2-dfsp-ledger')).toBe('dfsp2-testconnector=CENTRAL_LEDGER_PUBLIC_KEY');
  });
});

describe('docker/Dockerfile', () => {
  const dockerfile = readFileSync(join(DOCKER, 'Dockerfile'), 'utf8');
  const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

  it('runs any role as a user without rights, checked by its own health', () => {
    expect(final).toMatch(/^ARG ROLE$/m);
    expect(final).toMatch(/^USER node$/m);
    expect(final).toMatch(/^HEALTHCHECK .*\\\n {2}CMD \["node", .*\/health/m);
    expect(final.trim().split('\n').at(-1)).toBe('CMD ["node", "--enable-source-maps", "dist/main.js"]');
  });

  it('copies only files that are sent to the builder', () => {
    const sent = readFileSync(join(DOCKER, 'Dockerfile.dockerignore'), 'utf8').split('\n');
    const copied = Array.from(dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm), ([, paths = '']) =>
      paths.split(' '),
    ).flat();
    expect(copied).not.toEqual([]);
    for (const path of copied) expect(sent).toContain(`!${path}`);
  });
});
