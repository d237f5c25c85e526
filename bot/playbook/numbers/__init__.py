"""The numbers of a portfolio: what is really shipped beside what was said and agreed, as metrics, flow and forecast. Pure."""
