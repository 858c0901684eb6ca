{#- Rounds of label propagation over all links, and over what they leave. Spark plans every round anew each time it is
    named, in time that grows faster than their number: there they are fewer, enough for chains of some hundred records;
    a test says where they are not. -#}
{% macro label_round_counts() -%} {{ return(adapter.dispatch('label_round_counts')()) }} {%- endmacro %}

{% macro default__label_round_counts() -%} {{ return([4, var('identity_rounds')]) }} {%- endmacro %}

{% macro spark__label_round_counts() -%} {{ return([3, 7]) }} {%- endmacro %}
