throw new Error('a test imported electron: decisions live in modules without it')
