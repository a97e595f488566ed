"""All of labelling without a screen: the document, its history, the walk through a dataset."""
