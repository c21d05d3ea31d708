/** Files of DATA_DIR that belong to what the database holds; readable by their owner alone. */
export const SECRETS: readonly string[] = ['token', 'webhook.key']
