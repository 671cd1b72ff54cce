import { CredentialPairs, HTTP_URL, RoleSettings, Setting, WithDatabase } from '@level-one/platform';
import { IsBoolean, IsInt, IsOptional, IsUrl, Max, Min, MinLength, ValidateBy } from 'class-validator';
import { join } from 'node:path';
import { IsNetworkPlace } from './network/network-place.js';

/** `dist`, or the folder of the checkout when the sources run themselves. */
const BASE = join(import.meta.dirname, '../../..');

/** Faults are switched without credentials, so there are none outside a demo network. */
function IsOfDemo(): PropertyDecorator {
  return ValidateBy({
    name: 'isOfDemo',
    validator: {
      validate: (_value: unknown, args) => (args?.object as ConsoleSettings | undefined)?.demoNetwork === true,
      defaultMessage: () => 'is for a demo network only',
    },
  });
}

/** Settings of the console. */
export class ConsoleSettings extends WithDatabase(RoleSettings) {
  @Setting({
    env: 'NETWORK',
    meaning:
      'the network that is shown: its participants and their roles, with URLs and credentials, as JSON (docs/console.md)',
    hidden: true,
  })
  @IsNetworkPlace()
  network: string;

  @CredentialPairs(
    'TRACE_CREDENTIALS',
    'who may send spans to /v1/traces',
    'nobody may, but everybody in the demo network',
  )
  traceCredentials: string | undefined;

  @Setting({ env: 'SPANS_KEPT_DAYS', unit: 'days', meaning: 'how long spans are kept' })
  @IsInt()
  @Min(1)
  @Max(3_650)
  spansKeptDays: number = 7;

  @Setting({
    env: 'SPANS_MAX',
    unit: 'spans',
    meaning: 'how many spans are kept at most; the oldest are deleted first',
  })
  @IsInt()
  @Min(1_000)
  @Max(1_000_000_000)
  spansMax: number = 2_000_000;

  @Setting({ env: 'SESSION_IDLE_MINUTES', unit: 'minutes', meaning: 'after how long without a request a session ends' })
  @IsInt()
  @Min(1)
  @Max(1_440)
  sessionIdleMinutes: number = 30;

  @Setting({ env: 'SESSION_HOURS', unit: 'hours', meaning: 'after how long a session ends in any case' })
  @IsInt()
  @Min(1)
  @Max(168)
  sessionHours: number = 12;

  @Setting({
    env: 'PHONES',
    meaning: "whether operators may act as customers by the page's phones; in the demo network everybody may",
  })
  @IsBoolean()
  phones: boolean = false;

  @Setting({
    env: 'FAULTS_URL',
    meaning: 'where the faults of a demo network are switched (docs/faults.md)',
    defaultText: 'none: there are no faults to switch',
  })
  @IsOptional()
  @IsUrl(HTTP_URL)
  @IsOfDemo()
  faultsUrl: string | undefined;

  @Setting({
    env: 'WEB_FOLDER',
    meaning: 'folder with the files of the page',
    defaultText: 'the one that the build made',
    defaultFrom: () => join(BASE, BASE.endsWith('dist') ? '' : 'dist', 'apps/console/web'),
  })
  @IsOptional()
  @MinLength(1)
  webFolder: string;
}
