{#- The most frequent category; ties follow the order of kano_categories (Berger et al. 1993). better = attractive + one-dimensional,
    worse = one-dimensional + must-be, each divided by the answers that are neither reverse nor questionable. -#}
{%- set z = var('interval_z') -%}
with pairs as (
    select * from {{ ref('int_surveys__kano_pairs') }}
),

categories as (
    select * from {{ ref('kano_categories') }}
),

names as (
    select * from {{ ref('kano_feature_names') }}
),

settings as (
    select
        cast({{ threshold('surveys', 'kano_window_days') }} as bigint) as window_days,
        {{ threshold('shared', 'minimum_sample') }} as minimum_sample
),

answers as (
    select
        feature,
        segment,
        category,
        count(*) as respondent_count
    from pairs
    group by feature, segment, category
),

ranked_categories as (
    select
        answers.*,
        categories.category_en,
        categories.category_zh,
        row_number() over (
            partition by answers.feature, answers.segment order by answers.respondent_count desc, categories.tie_rank asc
        ) as category_rank
    from answers
    inner join categories on answers.category = categories.category
),

feature_counts as (
    select
        feature,
        segment,
        sum(respondent_count) as respondent_count,
        {%- for category in ['must_be', 'one_dimensional', 'attractive', 'indifferent', 'reverse', 'questionable'] %}
        sum(case when category = '{{ category }}' then respondent_count else 0 end) as {{ category }}_count,
        {%- endfor %}
        max(case when category_rank = 1 then category end) as category,
        max(case when category_rank = 1 then category_en end) as category_en,
        max(case when category_rank = 1 then category_zh end) as category_zh,
        max(case when category_rank = 1 then respondent_count end) as first_count,
        max(case when category_rank = 2 then category end) as second_category,
        coalesce(max(case when category_rank = 2 then respondent_count end), 0) as second_count
    from ranked_categories
    group by feature, segment
),

coefficients as (
    select
        *,
        attractive_count + one_dimensional_count as better_count,
        one_dimensional_count + must_be_count as worse_count,
        attractive_count + one_dimensional_count + must_be_count + indifferent_count as deciding_count
    from feature_counts
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        coefficients.feature,
        coalesce(names.feature_en, replace(coefficients.feature, '_', ' ')) as feature_en,
        coalesce(names.feature_zh, replace(coefficients.feature, '_', ' ')) as feature_zh,
        coefficients.segment,
        settings.window_days,
        cast(coefficients.respondent_count as bigint) as respondent_count,
        coefficients.respondent_count >= settings.minimum_sample as is_reportable,
        coefficients.category,
        coefficients.category_en,
        coefficients.category_zh,
        {{ steady(ratio('coefficients.first_count', 'coefficients.respondent_count')) }} as category_share,
        {{ wilson_low('coefficients.first_count', 'coefficients.respondent_count') }} as category_share_low,
        {{ wilson_high('coefficients.first_count', 'coefficients.respondent_count') }} as category_share_high,
        coefficients.second_category,
        {{ steady(ratio('coefficients.first_count - coefficients.second_count', 'coefficients.respondent_count')) }} as category_lead_share,
        coefficients.first_count - coefficients.second_count > {{ z }} * sqrt(
            coefficients.first_count + coefficients.second_count
            - {{ ratio('power(coefficients.first_count - coefficients.second_count, 2)', 'coefficients.respondent_count') }}
        ) as is_category_certain,
        {%- for category in ['must_be', 'one_dimensional', 'attractive', 'indifferent', 'reverse', 'questionable'] %}
        cast(coefficients.{{ category }}_count as bigint) as {{ category }}_count,
        {%- endfor %}
        {{ steady(ratio('coefficients.better_count', 'coefficients.deciding_count')) }} as better,
        {{ wilson_low('coefficients.better_count', 'coefficients.deciding_count') }} as better_low,
        {{ wilson_high('coefficients.better_count', 'coefficients.deciding_count') }} as better_high,
        {{ steady('0 - ' ~ ratio('coefficients.worse_count', 'coefficients.deciding_count')) }} as worse,
        0 - {{ wilson_high('coefficients.worse_count', 'coefficients.deciding_count') }} as worse_low,
        0 - {{ wilson_low('coefficients.worse_count', 'coefficients.deciding_count') }} as worse_high
    from coefficients
    cross join settings
    left join names on coefficients.feature = names.feature
)

select * from final
