import { addressOf } from '../api/base-path';

/** Reader of codes that some browsers have. */
interface CodeDetector {
  detect(image: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

type DetectorClass = new (options: { formats: string[] }) => CodeDetector;

const detectorClass = (): DetectorClass | undefined =>
  (globalThis as unknown as { BarcodeDetector?: DetectorClass }).BarcodeDetector;

/** Whether this browser has a camera and can read codes with it. */
export const canScan = (): boolean =>
  detectorClass() !== undefined && navigator.mediaDevices?.getUserMedia !== undefined;

const PAUSE_MS = 250;

/**
 * Shows the camera and waits for a code.
 * @throws DOMException if there is no camera, it may not be used, or the signal aborts
 */
export async function scanCode(video: HTMLVideoElement, signal: AbortSignal): Promise<string> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  try {
    video.srcObject = stream;
    await video.play();
    const detector = new (detectorClass()!)({ formats: ['qr_code'] });
    for (;;) {
      signal.throwIfAborted();
      const [code] = await detector.detect(video);
      if (code) return code.rawValue;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

const PARAMETER = 'buy';

/** What the code of an invoice says: this page, with the invoice on it. Any phone's camera can open it. */
export const codeOf = (invoiceUrl: string): string =>
  addressOf(`/?${new URLSearchParams({ [PARAMETER]: invoiceUrl })}`);

/** Address of the invoice in what was read: of a code, or the address alone. */
export function invoiceUrlIn(text: string): string {
  if (!URL.canParse(text)) return text;
  return new URL(text).searchParams.get(PARAMETER) ?? text;
}

/** Invoice that this page was opened with. */
export const openedInvoice = (): string | null => new URLSearchParams(location.search).get(PARAMETER);
