import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const lagoon: MantineColorsTuple = [
  '#eaf6f5',
  '#d5ebe9',
  '#a9d8d3',
  '#76c2bb',
  '#4caea5',
  '#2f9f96',
  '#1b8a82',
  '#0f766f',
  '#0b5f5a',
  '#064944',
];

/** Greys of the dark scheme: text, borders, inputs and grounds, in Mantine's order. */
const dark: MantineColorsTuple = [
  '#e4ebe9',
  '#c3cdca',
  '#9caba7',
  '#74837f',
  '#3c4845',
  '#2c3735',
  '#1d2726',
  '#182120',
  '#121918',
  '#0c1211',
];

export const theme = createTheme({
  primaryColor: 'lagoon',
  primaryShade: 7,
  colors: { lagoon, dark },
  fontFamily:
    'Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
});

/** Texts on grounds of their own colour, by scheme: Mantine's have too little contrast with the light grounds. */
const TINTS = {
  lagoon: { light: '#064944', dark: '#a9d8d3' },
  red: { light: '#a61e1e', dark: '#ffc9c9' },
  yellow: { light: '#6f4200', dark: '#ffec99' },
  green: { light: '#1d5c2d', dark: '#b2f2bb' },
  blue: { light: '#1864ab', dark: '#a5d8ff' },
  gray: { light: '#212529', dark: '#e9ecef' },
  orange: { light: '#8a3300', dark: '#ffd8a8' },
};

const tint = (scheme: 'light' | 'dark') =>
  Object.fromEntries(
    Object.entries(TINTS).flatMap(([color, text]) => [
      [`--mantine-color-${color}-light-color`, text[scheme]],
      [`--mantine-color-${color}-outline`, text[scheme]],
    ]),
  );

/** Contrast of at least 4.5 for all texts, and the colours of the diagram. */
export const themeVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...tint('light'),
    '--mantine-color-body': '#f7f8f8',
    '--mantine-color-text': '#16211f',
    '--mantine-color-dimmed': '#55625f',
    '--mantine-color-placeholder': '#6a7673',
    '--mantine-color-anchor': '#0b5f5a',
    '--mantine-color-error': '#b42318',
    '--surface': '#ffffff',
    '--surface-sunken': '#eff2f1',
    '--line': '#dde3e1',
    '--line-strong': '#a5b1ae',
    '--accent': '#0f766f',
    '--accent-soft': '#e3f2f0',
    '--frame': '#8a5a00',
    '--bad': '#b42318',
    '--bad-soft': '#fdecea',
    '--good': '#176b3a',
    '--hold': '#c98a12',
  },
  dark: {
    ...tint('dark'),
    '--mantine-color-body': '#101615',
    '--mantine-color-text': '#e4ebe9',
    '--mantine-color-dimmed': '#9caba7',
    '--mantine-color-placeholder': '#8b9a96',
    '--mantine-color-anchor': '#76c2bb',
    '--mantine-color-error': '#ff9a90',
    '--mantine-color-default': '#1b2423',
    '--mantine-color-default-border': '#37433f',
    '--surface': '#182120',
    '--surface-sunken': '#131a19',
    '--line': '#2a3533',
    '--line-strong': '#55635f',
    '--accent': '#5fc0b7',
    '--accent-soft': '#173330',
    '--frame': '#e5b85c',
    '--bad': '#ff9a90',
    '--bad-soft': '#3a1f1d',
    '--good': '#7bd3a0',
    '--hold': '#d9a441',
  },
});
