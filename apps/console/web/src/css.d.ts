import 'react';

declare module 'react' {
  /** Variables of style sheets, as members of `style`. */
  interface CSSProperties {
    [variable: `--${string}`]: string | number | undefined;
  }
}
