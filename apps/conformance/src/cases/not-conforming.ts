/** What a system does otherwise than the contract says, in one sentence without the page that says it. */
export class NotConforming extends Error {
  override readonly name = 'NotConforming';
}
