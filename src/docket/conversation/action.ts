export type Action = 'undo' | 'resume' | 'discard'
