import { Button, CopyButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** A button that copies a text, and says that it did. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button variant="default" onClick={copy}>
          {copied ? t('common.copied') : label}
        </Button>
      )}
    </CopyButton>
  );
}
