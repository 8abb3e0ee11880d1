/** A card with everything that cards of this product use. */
export const sampleCard = (title = 'Invite Contoso', more: readonly unknown[] = []) => ({
  type: 'AdaptiveCard', version: '1.5', lang: 'en', fallbackText: `${title}, in words`,
  body: [
    { type: 'TextBlock', text: title, style: 'heading', size: 'Large', weight: 'Bolder', wrap: true },
    { type: 'FactSet', facts: [{ title: 'Asks for', value: 'Reseller relationship' }, { title: 'Cloud', value: 'commercial cloud' }] },
    { type: 'ColumnSet', columns: [{ type: 'Column', width: 'stretch', items: [{ type: 'TextBlock', text: 'Left **bold**', wrap: true }] }, { type: 'Column', width: 'auto', items: [{ type: 'TextBlock', text: 'Right', wrap: true }] }] },
    { type: 'Container', style: 'good', items: [{ type: 'TextBlock', text: '✓ Your existing subscriptions stay', wrap: true }] },
    { type: 'Input.Text', id: 'reason', label: 'Why?', isRequired: true, errorMessage: 'Say why, in one line.', value: 'Azure backup' },
    { type: 'Input.ChoiceSet', id: 'kind', label: 'Kind', value: 'reseller', choices: [{ title: 'Sell only', value: 'reseller' }, { title: 'Sell and manage', value: 'gdap' }] },
    ...more,
    {
      type: 'ActionSet', actions: [
        { ...execute('Send', 'send-invitation'), style: 'positive' },
        { type: 'Action.ShowCard', title: 'More', card: { type: 'AdaptiveCard', body: [{ type: 'Input.Text', id: 'note', label: 'Note' }], actions: [execute('Keep the note', 'keep-note')] } },
        { ...execute('Why these rules?', 'why'), mode: 'secondary', associatedInputs: 'none' },
        { type: 'Action.OpenUrl', title: 'Open Microsoft’s page', url: 'http://127.0.0.1:9/Adminportal/Home', mode: 'secondary' },
      ],
    },
  ],
});

const execute = (title: string, verb: string) => ({ type: 'Action.Execute', title, verb, data: { verb, invitation: 'i-1' }, fallback: { type: 'Action.Submit', title, data: { verb, invitation: 'i-1' } } });

export const asAttachment = (content: unknown) => ({ contentType: 'application/vnd.microsoft.card.adaptive', content });
export const cardAnswer = (value: unknown) => ({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value });
export const sentenceAnswer = (value: string) => ({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value });
