// What every page of the studio shares: keyboard shortcuts, the command palette, messages that come and go.
