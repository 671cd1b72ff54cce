import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { ConnectionStringError, type LibpqParameters } from './libpq-parameters.js';

/** How a connection is encrypted; false: not at all. */
export type Encryption = false | ConnectionOptions;

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type SslMode = (typeof MODES)[number];

function readGiven(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConnectionStringError(`${parameter}=${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** The file that is named, or libpq's default one if it is there. */
function fileOf(parameters: LibpqParameters, parameter: string, usual: string): string | undefined {
  const given = parameters.get(parameter);
  if (given !== undefined) return readGiven(parameter, given);
  const path = join(homedir(), '.postgresql', usual);
  return existsSync(path) ? readGiven(parameter, path) : undefined;
}

function modeOf(parameters: LibpqParameters): SslMode {
  const given = parameters.get('sslmode');
  if (given === undefined) return parameters.get('sslrootcert') === 'system' ? 'verify-full' : 'prefer';
  const mode = MODES.find((one) => one === given);
  if (!mode) throw new ConnectionStringError(`sslmode must be one of ${MODES.join(', ')}`);
  return mode;
}

function versionOf(parameters: LibpqParameters, parameter: string): ConnectionOptions['minVersion'] {
  const given = parameters.get(parameter);
  if (given !== undefined && !/^TLSv1(\.[1-3])?$/.test(given)) {
    throw new ConnectionStringError(`${parameter} must be TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3`);
  }
  return given as ConnectionOptions['minVersion'];
}

function encrypted(parameters: LibpqParameters, mode: SslMode): ConnectionOptions {
  const root = parameters.get('sslrootcert');
  const ca = root === 'system' ? undefined : fileOf(parameters, 'sslrootcert', 'root.crt');
  const verifies = mode === 'verify-full' || mode === 'verify-ca' || (mode === 'require' && ca !== undefined);
  if (root === 'system' && mode !== 'verify-full') {
    throw new ConnectionStringError('sslrootcert=system needs sslmode=verify-full');
  }
  if (verifies && ca === undefined && root !== 'system') {
    throw new ConnectionStringError(
      `sslmode=${mode} needs sslrootcert: the file of a certificate authority, or system`,
    );
  }
  const sendsCertificate = parameters.get('sslcertmode') !== 'disable';
  const cert = sendsCertificate ? fileOf(parameters, 'sslcert', 'postgresql.crt') : undefined;
  const key = cert === undefined ? undefined : fileOf(parameters, 'sslkey', 'postgresql.key');
  const crl = parameters.get('sslcrl');
  const minVersion = versionOf(parameters, 'ssl_min_protocol_version');
  const maxVersion = versionOf(parameters, 'ssl_max_protocol_version');
  return {
    rejectUnauthorized: verifies,
    // Without verify-full, the certificate may be another host's.
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(parameters.has('sslpassword') && { passphrase: parameters.get('sslpassword')! }),
    ...(crl !== undefined && { crl: readGiven('sslcrl', crl) }),
    ...(minVersion !== undefined && { minVersion }),
    ...(maxVersion !== undefined && { maxVersion }),
  };
}

/**
 * Ways to encrypt a connection by TCP, the preferred one first.
 *
 * @throws ConnectionStringError
 */
export function encryptionsOf(parameters: LibpqParameters): [Encryption, ...Encryption[]] {
  const mode = modeOf(parameters);
  if (mode === 'disable') return [false];
  if (mode === 'allow') return [false, encrypted(parameters, mode)];
  return mode === 'prefer' ? [encrypted(parameters, mode), false] : [encrypted(parameters, mode)];
}
