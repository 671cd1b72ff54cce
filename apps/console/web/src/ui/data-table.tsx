import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './data-table.module.css';
import { EmptyNote } from './empty-note';

export interface Column<T> {
  head: string;
  cell: (row: T) => ReactNode;
  /** Amounts and counts stand at the right, in figures of one width. */
  isNumber?: boolean;
}

interface DataTableProps<T> {
  label: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  keyOf: (row: T, index: number) => string;
  empty?: string;
}

/**
 * Rows and columns; where there is too little room they move sideways in their own frame. On a phone each row is a card.
 * Roles are given: a browser forgets those of a table that is laid out in another way.
 */
export function DataTable<T>({ label, rows, columns, keyOf, empty }: DataTableProps<T>) {
  const { t } = useTranslation();
  if (rows.length === 0) {
    return (
      <div className="panel">
        <EmptyNote title={empty ?? t('common.none')} />
      </div>
    );
  }
  return (
    <div className="panel" style={{ overflow: 'hidden' }}>
      <Table.ScrollContainer
        minWidth={Math.min(960, columns.length * 130)}
        classNames={{ scrollContainerInner: styles.inner }}
        scrollAreaProps={{
          offsetScrollbars: 'present',
          viewportProps: { tabIndex: 0, role: 'region', 'aria-label': label },
        }}
      >
        <Table
          role="table"
          aria-label={label}
          className={styles.table}
          verticalSpacing="xs"
          horizontalSpacing="md"
          highlightOnHover
        >
          <Table.Thead role="rowgroup">
            <Table.Tr role="row">
              {columns.map(({ head, isNumber }) => (
                <Table.Th
                  role="columnheader"
                  key={head}
                  ta={isNumber ? 'right' : undefined}
                  fz="xs"
                  c="dimmed"
                  fw={600}
                >
                  {head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody role="rowgroup">
            {rows.map((row, index) => (
              <Table.Tr role="row" key={keyOf(row, index)}>
                {columns.map(({ head, cell, isNumber }) => (
                  <Table.Td
                    role="cell"
                    key={head}
                    data-head={head}
                    ta={isNumber ? 'right' : undefined}
                    className={isNumber ? 'figures' : undefined}
                    fz="sm"
                    style={isNumber ? { whiteSpace: 'nowrap' } : undefined}
                  >
                    <div>{cell(row)}</div>
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}
