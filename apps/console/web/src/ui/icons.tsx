/** Icons of 20 by 20, drawn with the colour of the text around them. They say nothing that a text beside does not. */
const icon = (path: string) =>
  function Icon({ size = 20 }: { size?: number }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
      >
        <path d={path} />
      </svg>
    );
  };

export const BackIcon = icon('M12 4 6 10l6 6');
export const InvoiceIcon = icon('M5 2.5h10v15l-2.5-1.6L10 17.5l-2.5-1.6L5 17.5zM7.8 7h4.4M7.8 10.5h4.4');
export const SendIcon = icon('M3.5 10h13M11.5 5l5 5-5 5');
export const ScanIcon = icon('M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4M6 10h8');
export const CodeIcon = icon(
  'M3 3h5.5v5.5H3zM11.5 3H17v5.5h-5.5zM3 11.5h5.5V17H3zM12 12h1.5v1.5M17 12v2.5h-2M12 17h1.5M17 17v.01',
);
export const CheckIcon = icon('M4 10.5 8.2 14.7 16 6');
export const CrossIcon = icon('M5 5l10 10M15 5 5 15');
export const ClockIcon = icon('M10 5.5V10l3 2M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z');
export const SunIcon = icon(
  'M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1 1M14.7 14.7l1 1M15.7 4.3l-1 1M5.3 14.7l-1 1',
);
export const MoonIcon = icon('M16.5 12.2A6.8 6.8 0 0 1 7.8 3.5a6.8 6.8 0 1 0 8.7 8.7z');
export const PrintIcon = icon('M6 7V2.5h8V7M6 14H3.5V7h13v7H14M6 11.5h8v6H6z');
export const DownloadIcon = icon('M10 3v9M6 8.5l4 4 4-4M3.5 16.5h13');
