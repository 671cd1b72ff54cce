import { type RoleSettings, Setting } from '@level-one/platform';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { KEY_ID, SIGNING_SEED } from '../signing/signing-key.js';

type Constructor<T> = new (...args: any[]) => T;

/** Mixed into the settings of a role that calls other DFSPs. */
export function WithSigningKey<Base extends Constructor<RoleSettings>>(base: Base) {
  class SigningSettings extends base {
    @Setting({
      env: 'SIGNING_KEY',
      meaning:
        'Ed25519 key by which requests to other DFSPs are signed: its seed of 32 bytes, hexadecimal or base64url; its ' +
        'public key is registered at the central directory',
      secret: true,
    })
    @Matches(SIGNING_SEED, { message: 'must be 32 bytes, hexadecimal or base64url' })
    signingKey: string;

    @Setting({ env: 'SIGNING_KEY_ID', meaning: 'id under which its public key is registered at the central directory' })
    @Matches(KEY_ID, { message: 'must be 1 to 64 letters, digits and any of . _ ~ : -' })
    signingKeyId: string;
  }
  return SigningSettings;
}

/** Mixed into the settings of a role that other DFSPs call. */
export function WithDfspCallers<Base extends Constructor<RoleSettings>>(base: Base) {
  class CallersSettings extends base {
    @Setting({
      env: 'UNSIGNED_REQUESTS',
      meaning:
        'whether requests of other DFSPs that carry no signature are refused, or limited: then all of them together ' +
        'share one small allowance',
      defaultText: '`refuse`; `limited` in a demo network',
    })
    @IsOptional()
    @IsIn(['refuse', 'limited'])
    unsignedRequests: 'refuse' | 'limited';

    @Setting({
      env: 'SIGNATURE_WINDOW_S',
      unit: 's',
      meaning: 'how far the time of a signature may be from the own clock, either way',
    })
    @IsInt()
    @Min(5)
    @Max(600)
    signatureWindowS: number = 60;

    @Setting({
      env: 'REQUESTS_PER_DFSP',
      unit: 'requests/s',
      meaning: 'what each DFSP, proven by its signature, may send',
    })
    @IsInt()
    @Min(1)
    @Max(100_000)
    requestsPerDfsp: number = 500;

    @Setting({
      env: 'REQUESTS_UNSIGNED',
      unit: 'requests/s',
      meaning: 'what all unsigned callers together may send, on average over 10 s',
    })
    @IsInt()
    @Min(1)
    @Max(100_000)
    requestsUnsigned: number = 20;
  }
  return CallersSettings;
}

/** What {@link WithDfspCallers} adds. */
export type DfspCallersSettings = Pick<
  InstanceType<ReturnType<typeof WithDfspCallers>>,
  'unsignedRequests' | 'signatureWindowS' | 'requestsPerDfsp' | 'requestsUnsigned'
>;

/** What {@link WithSigningKey} adds. */
export type SigningKeySettings = Pick<InstanceType<ReturnType<typeof WithSigningKey>>, 'signingKey' | 'signingKeyId'>;
