{#- Sum of a value over the events of the last `days` days before the snapshot; 0 where there are none. -#}
{% macro sum_within(expression, date_column, days, snapshot='snapshots.as_of') -%}
    coalesce(sum(case when {{ date_column }} >= {{ add_days(snapshot, -days) }} then {{ expression }} end), 0)
{%- endmacro %}


{#- Mean of a value over the events of the last `days` days before the snapshot; NULL where there are none. -#}
{% macro mean_within(expression, date_column, days, snapshot='snapshots.as_of') -%}
    avg(case when {{ date_column }} >= {{ add_days(snapshot, -days) }} then {{ expression }} end)
{%- endmacro %}


{#- Symmetric relative change, -1 (fell to nothing) to 1 (came from nothing); NULL where both are 0. -#}
{% macro symmetric_change(now_expression, before_expression) -%}
    {{ ratio('(' ~ now_expression ~ ') - (' ~ before_expression ~ ')', '(' ~ now_expression ~ ') + (' ~ before_expression ~ ')') }}
{%- endmacro %}


{#- A double that is the same in every run: sums of fractions depend on their order in the last digits, so six are kept. The
    ties of rounding (0.0000005) are means of round numbers as often as not; they are moved to where no such mean falls. -#}
{% macro steady(expression) -%} round(cast({{ expression }} as double) + 0.0000000031, 6) {%- endmacro %}


{#- Sum and mean of fractions that are the same in every run: added up as decimals of six digits. DOUBLE. -#}
{% macro exact_sum(expression) -%}
    cast(sum(cast(round(cast({{ expression }} as double), 6) as decimal(28, 6))) as double)
{%- endmacro %}

{% macro exact_mean(expression) -%}
    ({{ exact_sum(expression) }} / nullif(count({{ expression }}), 0))
{%- endmacro %}


{#- Text that orders events by time and then by their identifier, so that a "latest" is the same in every run. -#}
{% macro event_order(timestamp_column, id_column) -%}
    cast({{ timestamp_column }} as string) || {{ id_column }}
{%- endmacro %}


{#- Whether `versions` is the version of a record that was valid at a time. Plain comparisons of one side with the other,
    so that an outer join with it stays a hash join. -#}
{% macro is_valid_at(timestamp_expression) -%}
    (
        versions.valid_from < {{ timestamp_expression }}
        and coalesce(versions.valid_to, timestamp '9999-12-31 00:00:00') >= {{ timestamp_expression }}
    )
{%- endmacro %}


{#- Price of the running contracts that had a price then, against that price; 0 where there was none. -#}
{% macro price_change(price_before) -%}
    {{ steady('coalesce(' ~ ratio(
        'sum(case when now.is_running and ' ~ price_before ~ ' is not null then now.monthly_price_cents - ' ~ price_before ~ ' end)',
        'sum(case when now.is_running and now.monthly_price_cents is not null then ' ~ price_before ~ ' end)'
    ) ~ ', 0)') }}
{%- endmacro %}


{#- Margin lost if the customer leaves: of the contracts that run, else of what was bought in a year, else of the company's
    own column of monthly revenue. -#}
{% macro expected_value(monthly_price_cents, yearly_revenue_cents, attributes) -%}
    {%- set months = var('retention_value_months') -%}
    {%- set own = var('retention_monthly_value_attribute') -%}
    {%- set own_cents = "try_cast(" ~ json_field(attributes, own) ~ " as double) * 100" if own else "null" -%}
    {{ steady('greatest(coalesce('
        ~ monthly_price_cents ~ ' * ' ~ months ~ ', ' ~ yearly_revenue_cents ~ ', ' ~ own_cents ~ ' * ' ~ months
        ~ ', 0), 0) * ' ~ var('retention_margin_share')) }}
{%- endmacro %}


{#- Whether the column that the company brings as its label (`churn.definition: attribute`) says that the customer has
    left already: such a customer is scored, but nobody is sent to keep what is gone. -#}
{% macro has_left_already(attributes) -%}
    {%- set is_labelled = var('churn_definition') == 'attribute' and var('churn_label_attribute') -%}
    {%- set label = "coalesce(" ~ json_field(attributes, var('churn_label_attribute')) ~ ", '')" -%}
    {{ label ~ " = '" ~ var('churn_label_value') ~ "'" if is_labelled else 'false' }}
{%- endmacro %}
