/** A zap that sends one mail by the account `post`, and does not try again. */
export const sendingZap = (input: Record<string, unknown>) => ({
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    {
      id: 'send',
      uses: 'mail.send',
      input: { account: { $credential: 'post' }, ...input },
      settings: { retry: { maxAttempts: 1 } },
    },
  ],
  edges: [{ from: 'go', to: 'send' }],
})
