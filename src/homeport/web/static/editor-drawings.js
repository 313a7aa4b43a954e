// What is drawn on the buttons: for each action a path of lines on 24 by 24.

export const DRAWINGS = {
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z",
  italic: "M10 5h8M6 19h8M14.5 5l-5 14",
  link: "M10 14a4 4 0 0 0 6 .5l3-3A4 4 0 0 0 13.3 5.9l-1.3 1.2M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.6l1.3-1.2",
  heading: "M6 5v14M18 5v14M6 12h12",
  quote: "M4 17c3-.8 4.5-3 4.5-6V7H4.5v5h4M14 17c3-.8 4.5-3 4.5-6V7h-4v5h4",
  bullets: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  numbers: "M10 6h10M10 12h10M10 18h10M4 5l1.5-1v5M4 9h3M4 15.5c.5-1.3 3-1 2.8.4-.1 1-2.8 2.6-2.8 3.1h3",
  tasks: "M4 4.5h6v6H4zM5.5 7.5l1.2 1.2 2-2.4M4 14h6v6H4zM14 7.5h6M14 17h6",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5",
  "code-block": "M4 4h16v16H4zM10 9l-3 3 3 3M14 9l3 3-3 3",
  callout: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.7h.01",
  table: "M3.5 5h17v14h-17zM3.5 10h17M3.5 14.5h17M12 5v14",
  image: "M3.5 5h17v14h-17zM3.5 16.5l5-5 4.5 4.5 3-3 4.5 4.5M15.5 9h.01",
  footnote: "M3 19L8 6l5 13M4.7 15h6.6M16 7l2-1.5V12",
  maths: "M17.5 8V5h-11l6 7-6 7h11v-3",
  help: "M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2.2M12 17.5h.01",
};
