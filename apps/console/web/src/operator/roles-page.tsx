import { Anchor, Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type RoleHealth, useOperator } from '../api/operator';
import { DataTable } from '../ui/data-table';
import { Loaded } from '../ui/loading';
import { PageHead } from '../ui/page-head';

/** Every role of the network: whether it is ready, its version, how many instances, and its documentation. */
export function RolesPage() {
  const { t } = useTranslation();
  const roles = useOperator<{ roles: RoleHealth[] }>('roles');
  return (
    <>
      <PageHead title={t('operator.nav.roles')} lead={t('operator.lead.roles')} />
      <Loaded query={roles}>
        {(data) => (
          <DataTable
            label={t('operator.nav.roles')}
            rows={data.roles}
            keyOf={({ dfsp, role }) => `${dfsp}/${role}`}
            columns={[
              { head: t('operator.place'), cell: ({ dfsp }) => dfsp ?? t('diagram.centre') },
              { head: t('operator.roleName'), cell: ({ role }) => <b>{role}</b> },
              { head: t('operator.health'), cell: (role) => <Health role={role} /> },
              { head: t('operator.version'), cell: ({ version }) => version ?? '–' },
              { head: t('operator.instances'), cell: ({ instances }) => instances ?? '–', isNumber: true },
              {
                head: t('operator.docs'),
                cell: ({ docsUrl, role }) => (
                  <Anchor href={docsUrl} target="_blank" rel="noreferrer" size="sm" aria-label={`Swagger, ${role}`}>
                    Swagger
                  </Anchor>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}

function Health({ role: { health, message } }: { role: RoleHealth }) {
  const { t } = useTranslation();
  const isUp = /^(up|ok|ready)$/i.test(health);
  return (
    <Badge variant="light" color={isUp ? 'green' : 'red'} tt="none" title={message ?? undefined}>
      {isUp ? t('operator.up') : (message ?? t('operator.down'))}
    </Badge>
  );
}
