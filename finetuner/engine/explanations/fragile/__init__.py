"""How fragile is the answer? The smallest change of the pixels, invisible mostly, that makes it another.

attack    what is attacked, and the search for the smallest change
fgsm      one step
pgd       many small steps
"""
